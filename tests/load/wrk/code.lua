-- The code flow of a signed-in browser: authorize, then the token request with the code. One flow is two requests.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local authorize

function init()
    authorize = fixed("authorize")
end

function request()
    local code = next_pending()
    if not code then return authorize end
    return post("/oauth/token", { Authorization = site.web }, site.redemption .. "&code=" .. code)
end

reads_answers = true

function response(status, headers, body)
    if status == 303 then
        local code = string.match(headers["location"] or headers["Location"] or "", "[?&]code=([^&]+)")
        if code then later(code) else failed(status, headers["location"]) end
    elseif status == 200 and string.find(body, '"id_token"', 1, true) then
        flows = flows + 1
    else
        failed(status, body)
    end
end
