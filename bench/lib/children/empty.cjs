// A program, and a preload, with nothing to do.
