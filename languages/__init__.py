"""The words of the site in other languages than English, and what keeps them in step with the code."""
