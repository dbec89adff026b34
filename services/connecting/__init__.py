"""From a platform to its first sync and after: consent, credentials, choices, costs, notices that platforms send."""
