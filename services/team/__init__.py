"""What a team and its people decide: workspaces, engagement, targets, annotations, own metrics, views, language."""
