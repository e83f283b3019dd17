"""Controls that tabs share; they know no tab."""
