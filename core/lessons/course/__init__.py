"""The way through the lesson: path, check, glossary, summary."""
