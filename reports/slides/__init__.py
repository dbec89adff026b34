"""The parts of a deck of slides: its look, its text, its pages, one module for each kind of block, and its package."""
