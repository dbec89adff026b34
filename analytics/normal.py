"""What a normal distribution says of its spread and its tails."""

MAD_TO_SD = 1.482602
"""The median distance from the median, times this, is the standard deviation of normal values."""
Z95 = 1.959964
"""So many standard deviations to each side of the mean hold 95 % of normal values."""
