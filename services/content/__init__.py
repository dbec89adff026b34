"""What is published: posts and their numbers, when they do better, their tags and subjects, comments, and drafts."""
