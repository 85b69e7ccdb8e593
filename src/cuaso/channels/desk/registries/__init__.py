"""The pages of declared registries below /ban-lam-viec/so/."""
