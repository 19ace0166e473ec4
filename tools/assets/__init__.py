"""The build of what pages are made of: pinned npm packages and our own sources become hashed files."""
