"""Pages of the kernel's own: signing in, my work, the inbox, search, and running the house."""
