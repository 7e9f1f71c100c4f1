"""Warm: imported by the server that the nodes of an exercise are forked from, and by nothing else. Reading the map
takes a second; so it is read once, and five nodes share the pages."""

from redshank.compose.build import read_geography

read_geography()
