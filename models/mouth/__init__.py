"""The audio-to-mouth network: recordings → measurements → training → mouth.onnx."""
