"""What a block of a report can show: one module a part, each with its `PART`."""
