"""How things are said: days, periods, numbers and metrics in words. Pure but for the registry."""
