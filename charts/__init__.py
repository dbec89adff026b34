"""An Answer becomes an Altair chart. No screen here, so that reports draw the very same charts."""
