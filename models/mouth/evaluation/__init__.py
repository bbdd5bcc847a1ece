"""How a mouth is judged: filmed clips and what is predicted for them, their scores, tables and pictures."""
