# size: one file for each part of the view that a page shows, beside the API, the gate and a door for persons
"""Console: the node's web API and pages.

Here: the view types, how a view is rendered from the node's state, the HTTP API and the built pages. Not here: any
decision. May know: node and below; never edges.
"""
