"""The parts of Smaller model: which run is looked at, what is asked, what is downloaded and loaded back."""
