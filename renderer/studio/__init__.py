"""From a recorded video to an avatar package. Needs the extra `[studio]`."""
