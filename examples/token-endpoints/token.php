<?php
/**
 * The token endpoint in PHP 8: ASSEMBLYAI_API_KEY=… ALLOWED_ORIGINS=https://www.example.com php -S 127.0.0.1:8080 token.php
 *
 * Answers GET /voice-token with {token, ws_url?}; 403, 405, 429 or 502 {error}. No answer ever holds the key.
 */
declare(strict_types=1);

const LIFETIME_SECONDS = 60;
const TIMEOUT_SECONDS = 8;

function setting(string $name, string $fallback = ''): string
{
    $value = getenv($name);
    return $value === false ? $fallback : trim($value);
}

function answer(int $status, array $body): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    header('X-Content-Type-Options: nosniff');
    header('Vary: Origin');
    echo json_encode($body, JSON_UNESCAPED_SLASHES);
    exit();
}

/** Counts within a sliding minute, in a locked file: PHP keeps nothing between requests. */
function mayHaveOneMore(string $visitor, int $perMinute): bool
{
    $folder = setting('RATE_LIMIT_FOLDER', sys_get_temp_dir() . '/voice-token-' . posix_geteuid_or_zero());
    if (!is_dir($folder)) {
        @mkdir($folder, 0700, true);
    }
    $file = fopen($folder . '/' . hash('sha256', $visitor), 'c+');
    // Without a place to count in, nobody gets a token: an open door costs money.
    if ($file === false || !flock($file, LOCK_EX)) {
        return false;
    }
    $since = microtime(true) - 60;
    $times = array_filter(
        array_map('floatval', explode("\n", (string) stream_get_contents($file))),
        fn(float $time): bool => $time > $since,
    );
    $mayHave = count($times) < $perMinute;
    if ($mayHave) {
        $times[] = microtime(true);
    }
    ftruncate($file, 0);
    rewind($file);
    fwrite($file, implode("\n", array_map(fn(float $time): string => sprintf('%.3f', $time), $times)));
    fclose($file);
    return $mayHave;
}

function posix_geteuid_or_zero(): int
{
    return function_exists('posix_geteuid') ? posix_geteuid() : 0;
}

function mintToken(string $key): ?string
{
    $query = http_build_query([
        'expires_in_seconds' => LIFETIME_SECONDS,
        'max_session_duration_seconds' => (int) setting('MAX_SESSION_SECONDS', '900'),
    ]);
    $context = stream_context_create([
        'http' => [
            'header' => "Authorization: Bearer $key",
            'timeout' => TIMEOUT_SECONDS,
            'follow_location' => 0,
            'ignore_errors' => true,
        ],
    ]);
    $url = setting('ASSEMBLYAI_TOKEN_URL', 'https://agents.assemblyai.com/v1/token');
    $text = @file_get_contents("$url?$query", false, $context);
    $body = $text === false ? null : json_decode($text, true);
    $token = is_array($body) ? ($body['token'] ?? null) : null;
    return is_string($token) && $token !== '' ? $token : null;
}

if (parse_url($_SERVER['REQUEST_URI'] ?? '/', PHP_URL_PATH) !== '/voice-token') {
    answer(404, ['error' => 'Nothing here.']);
}
$key = setting('ASSEMBLYAI_API_KEY');
if ($key === '') {
    answer(500, ['error' => 'The endpoint is not set up.']);
}
$origin = $_SERVER['HTTP_ORIGIN'] ?? null;
$allowed = array_filter(array_map('trim', explode(',', setting('ALLOWED_ORIGINS'))));
// A page of this very server sends no Origin with a GET; the browser says same-origin instead, and no page can forge it.
$isOwnPage = $origin === null && ($_SERVER['HTTP_SEC_FETCH_SITE'] ?? '') === 'same-origin';
if (!$isOwnPage && !in_array($origin, $allowed, true)) {
    answer(403, ['error' => 'This page may not ask for tokens.']);
}
if ($origin !== null) {
    header("Access-Control-Allow-Origin: $origin");
}
if ($_SERVER['REQUEST_METHOD'] !== 'GET') {
    header('Allow: GET');
    answer(405, ['error' => 'GET only.']);
}
if (!mayHaveOneMore($_SERVER['REMOTE_ADDR'] ?? 'unknown', (int) setting('TOKENS_PER_MINUTE', '6'))) {
    header('Retry-After: 60');
    answer(429, ['error' => 'Too many conversations; wait a minute.']);
}
$token = mintToken($key);
if ($token === null) {
    error_log('The token service gave no token.');
    answer(502, ['error' => 'No token could be had.']);
}
$wsUrl = setting('ASSEMBLYAI_WS_URL');
answer(200, ['token' => $token] + ($wsUrl === '' ? [] : ['ws_url' => $wsUrl]));
