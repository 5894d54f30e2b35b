"""What is kept: runs in the database, what owners say of them, and what they take along."""
