-- Refresh with rotation: each answer's refresh token is the next request's. Begins with families that were made for this run,
-- more than there are connections, so that none waits for another's answer.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

function init()
    for token in io.lines(os.getenv("LOAD_ONCE")) do later(token) end
end

function request()
    local token = next_pending()
    if not token then
        failed(0, "no refresh token is left")
        token = "none"
    end
    return post("/oauth/token", { Authorization = site.web }, "grant_type=refresh_token&refresh_token=" .. token)
end

reads_answers = true

function response(status, headers, body)
    local token = status == 200 and string.match(body, '"refresh_token":"([^"]+)"')
    if token then
        flows = flows + 1
        later(token)
    else
        failed(status, body)
    end
end
