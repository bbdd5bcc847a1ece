"""Person and background parted: keyed off a screen, or by a matte that came with the film."""
