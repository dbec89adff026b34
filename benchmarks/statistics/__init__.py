"""How good the statistics are, on real data, beside others."""
