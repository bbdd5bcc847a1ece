"""How fast this device is, measured: what `avatar bench` tells, and what benchmarks/ keeps.

machine   what it is measured on
stages    where a frame's milliseconds go
startup   from nothing to the first frame
frames    what a frame costs, flat out
live      in real time: late frames, skew, processor, memory, waiting
sessions  how many avatars run at once
order     one of these, in a process of its own
survey    all of them, one after another
verdict   what that means, in words
"""
