"""What is measured, against the same work by hand."""
