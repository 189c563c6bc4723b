/** The lines of the scripted host, written to be spoken: short sentences, no abbreviations. `{name}` is filled in. */

export const HONESTY: readonly string[] = [
  'I should be honest. I am the local stand-in. I hear that you speak, and how, but not what you say.',
  'To be fair to you: I have no speech recognition. I listen the way a cat does, to the tone and not to the words.',
  'A confession. There is no language model here, only a loudspeaker, a pair of ears, and a short script.',
];

export const FIRST_REMARKS: readonly string[] = [
  'There you are! That was {seconds}, {level}.',
  'I heard you. {seconds} of speech, {level}.',
  'Lovely to hear a voice. You spoke for {seconds}, {level}.',
];

export const REMARKS: readonly string[] = [
  'That was {seconds}, {level}. {comparison}',
  'I counted {seconds} of speech, {level}. {comparison}',
  'You spoke for {seconds}, {level}. {comparison}',
];

export const COMPARISONS = {
  longer: 'That is quite a bit longer than before.',
  shorter: 'That is shorter than last time. Are we running out of things to say?',
  louder: 'And louder than before, so I had better pay attention.',
  quieter: 'And softer than before. Is somebody asleep next door?',
  same: 'Much like the last time. You are wonderfully consistent.',
} as const;

export const AFTER_INTERRUPTION: readonly string[] = [
  'Fair enough, you cut me off, and you have every right to.',
  'You interrupted me. Excellent. That is exactly what should work.',
  'I stopped at once, did you notice?',
];

export const JOKE_OFFERS: readonly string[] = [
  'Would you like a joke? Say anything at all, and I will take it for a yes.',
  'I know a joke. Make a sound if you want to hear it.',
];

export const JOKES: readonly string[] = [
  'Why did the microphone go to school? It wanted to improve its reception.',
  'What does a polite loudspeaker say? After you, please, I can wait in the buffer.',
  'I told my jitter buffer a joke. It laughed eighty milliseconds later.',
  'Two packets walk into a bar. The second one arrives first.',
];

/** Long on purpose: a story is meant to be interrupted. */
export const STORIES: readonly string[] = [
  'Let me tell you a long story. Interrupt me whenever you like. Once upon a time there was a lighthouse that could not see. ' +
    'Every night it turned its great lamp over the water, and every night it wondered what it was shining at. ' +
    'The ships knew, of course, but ships are busy, and none of them ever stopped to explain. ' +
    'One evening a very small boat came by, with a very old sailor in it, and the sailor called out good evening. ' +
    'Nobody had ever said good evening to the lighthouse before. ' +
    'What do you see out there, the lighthouse asked. I see a light, said the sailor, and I see the way home. ' +
    'The lighthouse thought about that for a hundred years. ' +
    'And then it decided that this was, after all, a very good thing to be looking at.',
  'Here is a story with no point at all. Stop me when you have had enough. There was a parrot that lived in a telephone exchange. ' +
    'All day long it listened to people saying hello, and hold the line, and could you repeat that, please. ' +
    'By the end of the first year it spoke eleven languages, all of them politely. ' +
    'By the end of the second year it had opinions about the weather in every town between here and the sea. ' +
    'One winter night the lines went down, and the whole country fell silent. ' +
    'Only the parrot went on talking, to nobody in particular, for nine hours. ' +
    'In the morning, when the lines came back, everybody said that they had slept badly, and had dreamt of being put on hold.',
];

export const ANSWERS = {
  hello: 'Hello to you too! I can read what you type, although I cannot understand what you say.',
  help:
    'You can talk to me, interrupt me, or type. Try the word joke, the word story, or the word tool. ' +
    'When I speak for too long, just start talking.',
  thanks: 'You are very welcome. It is a pleasure to be of some small use.',
  goodbye: 'Goodbye! It was a pleasure. You can end the call whenever you like.',
  prompted: 'You asked me to say something. So here I am, saying something, with great conviction.',
  silence: 'I am still here.',
} as const;

export const TYPED_ECHOES: readonly string[] = [
  'You typed: {text}. I can read that, at least. But I have no language model to think about it.',
  'I read: {text}. That is a fine sentence. A real agent would now have an answer.',
];

export const TOOL_FILLERS: readonly string[] = [
  'One moment, I will ask your page.',
  'Let me look that up with your tool, {tool}.',
];

export const TOOL_ANSWERS = {
  result: 'The tool {tool} answered. It says: {result}.',
  error: 'The tool {tool} reported an error. It says: {result}.',
  timeout: 'The tool {tool} did not answer in time. Well, such is life.',
  serverSide:
    'I asked {tool} on my own side of the line. There is no network here, so let us say that all is well.',
  none: 'Your page has not given me any tools to call. Register one, and I will be delighted to try it.',
} as const;
