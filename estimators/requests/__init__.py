"""From runs to a request: campaign, machine fit, access modes, findings, energy and value.

    request = plan_request(spec, catalogue, now)

`now` is passed in, since nothing here reads the clock.
"""
