"""The audio-to-mouth network: recordings → measurements → training → mouth.onnx.

Here are the recipe and the commands. They import the rooms below them: evaluation, then corpus and din, which
know neither it nor each other.
"""
