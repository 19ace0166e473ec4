"""What is tested from outside: banks, browsers, attacks, the documentation."""
