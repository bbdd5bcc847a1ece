"""What is learned from and judged by: recordings, their sounds and phones, the mouths measured on film."""
