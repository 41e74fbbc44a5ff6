"""Answers: an invitation opened, an answer accepted or corrected, earlier answers imported."""
