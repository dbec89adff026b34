"""Messages to people: `channels` hand them over. No numbers, no store."""
