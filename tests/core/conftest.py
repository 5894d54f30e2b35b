from hypothesis import settings

# A shared machine stalls now and then: how long one example takes says nothing about the code.
settings.register_profile("shared_machine", deadline=None)
settings.load_profile("shared_machine")
