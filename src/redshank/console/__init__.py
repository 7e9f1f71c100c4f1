# size: a view and its drawing for each of picture, incidents, voice and people; and a person has to come in
"""Console: the node's web API and pages.

Here: the view types, how a view is rendered from the node's state, the HTTP API and the built pages. Not here: any
decision. May know: node and below; never edges.
"""
