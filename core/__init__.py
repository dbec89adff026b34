"""The words every room uses: errors, values that cross rooms, settings, clock, ids and plugin discovery."""
