"""Where frames go: a window, a file, a host's own hands; and the loudspeaker that keeps their time."""
