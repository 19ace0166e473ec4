"""What builds, checks and tests the workspace. Standard library only, so that it runs before anything is installed."""
