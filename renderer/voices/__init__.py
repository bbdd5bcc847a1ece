"""Text becomes speech: plain or SSML, in any voice, sentence by sentence.

text ─► ssml ─► sentences ─► a Voice ─► speech: sound with the times of its words and gestures
"""
