"""The rules of tags: facts in, tags with their reasons out; no session, no clock."""
