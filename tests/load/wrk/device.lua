-- Polling with device codes that nobody has approved yet (RFC 8628 section 3.5). Both refusals are right: who polls again at
-- once is told to slow down.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local number = 0

function request()
    number = number % #site.device_codes + 1
    return post("/oauth/token", {}, "client_id=tv&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code="
        .. site.device_codes[number])
end

reads_answers = true

function response(status, headers, body)
    local right = status == 400
        and (string.find(body, "authorization_pending", 1, true) or string.find(body, "slow_down", 1, true))
    if right then flows = flows + 1 else failed(status, body) end
end
