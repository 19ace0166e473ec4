"""What needs no database: chains of causes, rows of failures, days."""
