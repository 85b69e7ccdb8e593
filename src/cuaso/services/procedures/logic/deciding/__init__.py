"""Acts on a result: approve and sign, seal, deliver, correct, revoke."""
