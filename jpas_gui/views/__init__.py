"""Qt widgets. They show what controllers give them and report what the user does."""
