"""Ways to people outside the site: chat channels of a workspace, and mail."""
