"""What the program asks for: files, answers, and what catalogues do not say of themselves."""
