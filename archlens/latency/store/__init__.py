"""What was measured, kept in an SQLite file, and found again."""
