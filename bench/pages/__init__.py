"""Pages before people: what they cost the server, and how they come to a browser."""
