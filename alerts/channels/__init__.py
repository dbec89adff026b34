"""One file per way a message can take; each declares `CHANNEL`."""
