"""Requests over HTTP: ours, and the same work by hand."""
