"""Where live sound comes from: a microphone, or a recording in its place."""
